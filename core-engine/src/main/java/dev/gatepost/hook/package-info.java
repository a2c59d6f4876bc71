/** Our own signed outgoing webhooks: who wants to be told what, and the deliveries. */
@NullMarked
package dev.gatepost.hook;

import org.jspecify.annotations.NullMarked;
