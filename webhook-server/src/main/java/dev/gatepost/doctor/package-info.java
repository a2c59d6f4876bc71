/** Looks whether the machine, its network and its names are fit for asking mail hosts, and says what to mend. */
@NullMarked
package dev.gatepost.doctor;

import org.jspecify.annotations.NullMarked;
