/** Customers' lists of addresses, from upload to download. */
@NullMarked
package dev.gatepost.batch;

import org.jspecify.annotations.NullMarked;
