/** Workspaces, their connections to CRM accounts, their secrets and their stored workflows. */
@NullMarked
package dev.gatepost.workspace;

import org.jspecify.annotations.NullMarked;
