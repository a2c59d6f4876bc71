package dev.gatepost.hook;

import dev.gatepost.store.Database;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What every round works with. */
record HookTools(
        Database database, Subscriptions subscriptions, HookCall call, InstantSource clock, RandomGenerator random) {}
