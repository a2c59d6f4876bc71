/** The HTTP server: limits, headers and problems that hold for every route, and the routes that are not the console's. */
@NullMarked
package dev.gatepost.http;

import org.jspecify.annotations.NullMarked;
