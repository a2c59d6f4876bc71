/** Events from acceptance to write-back. */
@NullMarked
package dev.gatepost.intake;

import org.jspecify.annotations.NullMarked;
