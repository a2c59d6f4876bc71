package dev.gatepost.batch;

/** Which part of which list. */
record ShardName(String batchId, int shard) {
    /** As the task is named. */
    String text() {
        return batchId + ":" + shard;
    }

    /** @throws IllegalArgumentException when no task is named so */
    static ShardName of(String text) {
        var colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no part of a list: " + text);
        }
        return new ShardName(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
