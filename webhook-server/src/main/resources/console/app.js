// What pages need beyond htmx: times as "4 s ago", the choice of theme, and streams that pause in hidden tabs.
'use strict';

(() => {
  const AGO_EVERY_MS = 5000;
  const LOST_MAX = 2; // connects that may fail before the page says so

  // Times ---------------------------------------------------------------------------------------------------------

  const ago = (then) => {
    const seconds = Math.max(0, Math.round((Date.now() - then) / 1000));
    if (seconds < 60) return `${seconds} s ago`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
    return `${Math.floor(seconds / 86400)} d ago`;
  };

  const tellTimes = () => {
    document.querySelectorAll('[data-ago]').forEach((element) => {
      const then = Date.parse(element.dataset.ago || element.getAttribute('datetime'));
      if (!Number.isNaN(then)) element.textContent = ago(then);
    });
  };

  // Theme: the server renders the choice, which is kept in a cookie; here it is only made ----------------------------

  const THEMES = ['system', 'light', 'dark'];
  const root = document.documentElement;

  const startTheme = () => {
    const button = document.querySelector('[data-theme-button]');
    if (!button) return;
    const chosen = () => root.dataset.theme || 'system';
    const show = () => { button.textContent = `Theme: ${chosen()}`; };
    button.hidden = false;
    show();
    button.addEventListener('click', () => {
      const next = THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length];
      if (next === 'system') delete root.dataset.theme; else root.dataset.theme = next;
      document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
      show();
    });
  };

  // Streams ---------------------------------------------------------------------------------------------------------

  const streams = new Set();
  let lost = 0;

  const say = (text) => {
    const status = document.getElementById('status');
    if (status && status.textContent !== text) status.textContent = text;
  };

  htmx.createEventSource = (url) => {
    const stream = new EventSource(url);
    streams.add(stream);
    stream.addEventListener('open', () => { lost = 0; say(''); });
    stream.addEventListener('error', () => {
      lost += 1;
      if (lost >= LOST_MAX) say('Live updates paused: the server cannot be reached. Trying again.');
      if (stream.readyState === EventSource.CLOSED) streams.delete(stream);
    });
    return stream;
  };

  // Six streams block a seventh connection over HTTP/1.1, so a hidden tab gives its own back.
  const pause = () => {
    streams.forEach((stream) => stream.close());
    streams.clear();
  };

  const resume = () => {
    document.querySelectorAll('[sse-connect]').forEach((element) => {
      const fresh = element.cloneNode(true);
      element.replaceWith(fresh);
      htmx.process(fresh);
    });
  };

  document.addEventListener('visibilitychange', () => (document.hidden ? pause() : resume()));
  window.addEventListener('pagehide', pause);
  document.addEventListener('htmx:afterSettle', tellTimes);
  document.addEventListener('htmx:sseMessage', tellTimes);
  setInterval(tellTimes, AGO_EVERY_MS);

  const start = () => { tellTimes(); startTheme(); };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start); else start();
})();
