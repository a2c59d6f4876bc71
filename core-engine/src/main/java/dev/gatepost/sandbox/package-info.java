/** A small mail world on loopback, name servers and mail hosts, for the demo and for tests. */
@NullMarked
package dev.gatepost.sandbox;

import org.jspecify.annotations.NullMarked;
