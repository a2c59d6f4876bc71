/** The database: one writer with group commit, read-only readers, two dialects, migrations. */
@NullMarked
package dev.gatepost.store;

import org.jspecify.annotations.NullMarked;
