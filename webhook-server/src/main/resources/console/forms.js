// Forms that call the API: <form data-api="POST /v1/session" data-then="/">. What was typed stays until it was accepted.
'use strict';

(() => {
  const TIMEOUT_MS = 30000;

  const field = (form, name) => (name ? form.querySelector(`[name="${CSS.escape(name)}"]`) : null);

  const clear = (form) => {
    form.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'));
    const box = form.querySelector('[data-error]');
    if (box) { box.hidden = true; box.textContent = ''; }
  };

  const complain = (form, text, name) => {
    const hidden = form.querySelector(`[data-when="${name || 'nothing'}"]`);
    if (hidden) hidden.hidden = false;
    const box = form.querySelector('[data-error]');
    if (box) {
      box.textContent = text;
      box.hidden = false;
    } else {
      document.getElementById('status').textContent = text;
    }
    const input = field(form, name);
    if (input) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    } else if (box) {
      box.focus();
    }
  };

  const body = (form) => {
    const values = {};
    new FormData(form).forEach((value, name) => {
      const input = field(form, name);
      if (value !== '' || !input || !('optional' in input.dataset)) values[name] = value;
    });
    return JSON.stringify(values);
  };

  const send = async (form) => {
    const [method, path] = form.dataset.api.split(' ');
    const csrf = document.querySelector('meta[name="csrf-token"]');
    const headers = { Accept: 'application/json' };
    if (csrf) headers['X-CSRF-Token'] = csrf.content;
    if (method !== 'DELETE') headers['Content-Type'] = 'application/json';
    const response = await fetch(path, {
      method,
      headers,
      body: method === 'DELETE' ? undefined : body(form),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      window.location.assign(form.dataset.then);
      return;
    }
    const problem = await response.json().catch(() => ({}));
    complain(form, problem.detail || 'The server could not do this. Try again in a minute.', problem.field);
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.dataset.api) return;
    event.preventDefault();
    const button = form.querySelector('button');
    if (button.getAttribute('aria-busy') === 'true') return;
    clear(form);
    button.setAttribute('aria-busy', 'true');
    try {
      await send(form);
    } catch (_) {
      complain(form, 'The server cannot be reached. Try again.', '');
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
})();
