/** The whole engine, as it is shipped, against mail hosts and name servers on real sockets. */
@NullMarked
package dev.gatepost.acceptance;

import org.jspecify.annotations.NullMarked;
