/** What DNS says about a domain's mail: the resolver and the route to its mail hosts. */
@NullMarked
package dev.gatepost.dns;

import org.jspecify.annotations.NullMarked;
