/** The customer's will: ordered rules over a verdict, and the decision they lead to. */
@NullMarked
package dev.gatepost.rules;

import org.jspecify.annotations.NullMarked;
