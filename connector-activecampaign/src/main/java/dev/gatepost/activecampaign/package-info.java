/** ActiveCampaign as a CRM: webhooks in, contacts read and listed, our fields written back. */
@NullMarked
package dev.gatepost.activecampaign;

import org.jspecify.annotations.NullMarked;
