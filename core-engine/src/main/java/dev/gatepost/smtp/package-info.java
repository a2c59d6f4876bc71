/** The dialogue with a mail host up to RCPT TO, and what each of its replies means. */
@NullMarked
package dev.gatepost.smtp;

import org.jspecify.annotations.NullMarked;
