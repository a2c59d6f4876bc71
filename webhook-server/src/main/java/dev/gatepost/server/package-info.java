/** The whole product put together: its configuration, its parts, and the program's entry. */
@NullMarked
package dev.gatepost.server;

import org.jspecify.annotations.NullMarked;
