/** The command line: one class for each verb, and the local socket through which verbs reach a running server. */
@NullMarked
package dev.gatepost.cli;

import org.jspecify.annotations.NullMarked;
