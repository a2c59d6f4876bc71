/**
 * The HTTP API under {@code /v1}: one table of routes, who may call each, and what each answers.
 *
 * <p>To add a route:
 *
 * <ol>
 *   <li>Write or find the class of its resource (as {@link dev.gatepost.api.KeysResource}): it implements {@link
 *       dev.gatepost.api.Resource} and returns a {@link dev.gatepost.api.Route} for each method and path, with the scopes a key
 *       needs one of and the roles a person needs one of.
 *   <li>Add the class to {@code dev.gatepost.server.Resources}. Nothing is mounted that is not in that table.
 *   <li>Describe it in {@code src/main/resources/openapi/NAME.yaml} (below {@code paths:} and {@code schemas:}) and name the
 *       file in {@link dev.gatepost.api.OpenApi}. A test compares table and file in both directions. {@code x-problems} names
 *       the codes that this route alone can answer with; {@code /docs} shows them beside those that follow from its kind.
 *   <li>Read the body by {@link dev.gatepost.api.Call#body}, the query by {@link dev.gatepost.api.Call#query}: what is not
 *       read is refused as unknown. Refuse by throwing {@link dev.gatepost.http.Refused} with a {@link
 *       dev.gatepost.http.Fault}.
 *   <li>A POST that creates or charges makes its effect in {@link dev.gatepost.api.Once#run}, so that an {@code
 *       Idempotency-Key} works.
 *   <li>Look up everything within {@link dev.gatepost.api.Caller#workspaceId}; what another workspace has is {@link
 *       dev.gatepost.http.Problem#notFound}.
 *   <li>Test it through {@code ApiClient} (in the tests), which holds every answer to the OpenAPI file.
 * </ol>
 */
@NullMarked
package dev.gatepost.api;

import org.jspecify.annotations.NullMarked;
