/** What an email address is: its parts, its syntax, its normal form. */
@NullMarked
package dev.gatepost.address;

import org.jspecify.annotations.NullMarked;
