package dev.gatepost.batch;

/** One cell of a table of results. Our own have the kind of value they have in JSON; the customer's are texts, as they came. */
public sealed interface Cell {

    /** Empty where there is nothing to say. */
    record Text(String text) implements Cell {}

    record Whole(long number) implements Cell {
        @Override
        public String text() {
            return Long.toString(number);
        }
    }

    record Truth(boolean isTrue) implements Cell {
        @Override
        public String text() {
            return Boolean.toString(isTrue);
        }
    }

    /** As it stands in a file that knows texts only. */
    String text();
}
