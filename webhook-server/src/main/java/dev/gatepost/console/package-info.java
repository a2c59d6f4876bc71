/** The pages for people: rendered here, moved by htmx and server-sent events, guarded by sessions. */
@NullMarked
package dev.gatepost.console;

import org.jspecify.annotations.NullMarked;
