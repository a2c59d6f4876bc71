/** A small HubSpot on loopback, for the demo and for tests: contacts, properties, limits, signed webhooks, faults. */
@NullMarked
package dev.gatepost.hubspot.sandbox;

import org.jspecify.annotations.NullMarked;
