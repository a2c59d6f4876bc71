/** A small ActiveCampaign on loopback, for the demo and for tests. */
@NullMarked
package dev.gatepost.activecampaign.sandbox;

import org.jspecify.annotations.NullMarked;
