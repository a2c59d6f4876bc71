/** The one place that judges destinations and dials them; nothing else in the product opens an outgoing socket. */
@NullMarked
package dev.gatepost.egress;

import org.jspecify.annotations.NullMarked;
