/** Evidence, and the verdict that follows from it; the verifier gathers the one and asks for the other. */
@NullMarked
package dev.gatepost.verify;

import org.jspecify.annotations.NullMarked;
