/** HubSpot as a CRM: webhooks in, contacts read, our fields written back. */
@NullMarked
package dev.gatepost.hubspot;

import org.jspecify.annotations.NullMarked;
