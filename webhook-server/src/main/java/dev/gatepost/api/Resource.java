package dev.gatepost.api;

import java.util.List;

/** Routes that belong together. */
@FunctionalInterface
public interface Resource {

    /** Its entries in the table. */
    List<Route> routes();
}
