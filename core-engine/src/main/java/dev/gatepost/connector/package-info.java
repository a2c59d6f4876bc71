/** The seam to a CRM: what a connector must offer and what it may ask of the product. */
@NullMarked
package dev.gatepost.connector;

import org.jspecify.annotations.NullMarked;
