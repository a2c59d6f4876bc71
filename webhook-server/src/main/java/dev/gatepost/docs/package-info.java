/**
 * The pages about the API under {@code /docs}, drawn from its OpenAPI description and its table of routes; and what web
 * pages load.
 */
@NullMarked
package dev.gatepost.docs;

import org.jspecify.annotations.NullMarked;
