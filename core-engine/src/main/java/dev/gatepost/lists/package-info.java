/** Dated reference lists (disposable, free, role, relay) and how a domain or a local part is looked up in them. */
@NullMarked
package dev.gatepost.lists;

import org.jspecify.annotations.NullMarked;
