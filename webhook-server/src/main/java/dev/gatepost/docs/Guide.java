package dev.gatepost.docs;

import dev.gatepost.http.Fault;
import java.util.List;

/**
 * All that the page about the API shows, in the order in which it shows it.
 *
 * @param chapters the routes
 * @param shapes the named schemas, which the routes refer to
 * @param faults every problem there is
 * @param addresses what test keys answer
 */
public record Guide(List<Chapter> chapters, List<Shape> shapes, List<Fault> faults, List<TestAddress> addresses) {

    public Guide {
        chapters = List.copyOf(chapters);
        shapes = List.copyOf(shapes);
        faults = List.copyOf(faults);
        addresses = List.copyOf(addresses);
    }

    /**
     * Routes that belong together.
     *
     * @param anchor where links lead to
     */
    public record Chapter(String title, String anchor, List<Operation> operations) {

        public Chapter {
            operations = List.copyOf(operations);
        }
    }

    /**
     * One route.
     *
     * @param who may call it, as sentences
     * @param curl a command line that calls it
     * @param parameters in path, query and headers
     * @param body what is sent; without fields when nothing is
     * @param faults what can go wrong here besides what can everywhere
     */
    public record Operation(
            String anchor,
            String method,
            String path,
            String summary,
            String who,
            String curl,
            List<Field> parameters,
            Content body,
            List<Answer> answers,
            List<Fault> faults) {

        public Operation {
            parameters = List.copyOf(parameters);
            answers = List.copyOf(answers);
            faults = List.copyOf(faults);
        }
    }

    /**
     * An answer when all goes well.
     *
     * @param description one sentence
     */
    public record Answer(int status, String description, Content content) {}

    /**
     * What a body holds.
     *
     * @param mediaType empty when there is no body
     * @param shape name of the shape it has; empty when it has one of its own, or none
     * @param fields of the shape of its own
     * @param example as text; empty when there is none
     */
    public record Content(String mediaType, String shape, List<Field> fields, String example) {

        /** No body. */
        public static final Content NONE = new Content("", "", List.of(), "");

        public Content {
            fields = List.copyOf(fields);
        }

        /** Whether there is none. */
        public boolean isNone() {
            return mediaType.isEmpty();
        }
    }

    /**
     * A schema with a name.
     *
     * @param description may be empty
     * @param type what it is when it has no fields, as in {@code accept, flag, reject}
     * @param variants its fields; several when it is one of several shapes
     */
    public record Shape(String name, String anchor, String description, String type, List<Variant> variants) {

        public Shape {
            variants = List.copyOf(variants);
        }
    }

    /**
     * One of the forms that a shape can have.
     *
     * @param title empty when it is the only one
     */
    public record Variant(String title, List<Field> fields) {

        public Variant {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A field or parameter.
     *
     * @param name with the names of what it lies in, as in {@code changes[].email}
     * @param place {@code query}, {@code path} or {@code header} of a parameter; empty for a field
     * @param type as words
     * @param shape name of the shape it has or holds; empty when it is of a plain type
     * @param bounds least, most and usual value, as words; may be empty
     * @param description may be empty
     */
    public record Field(
            String name, String place, Need need, String type, String shape, String bounds, String description) {}

    /** Whether a field must be there. */
    public enum Need {
        REQUIRED,
        OPTIONAL
    }

    /**
     * An address that test keys answer.
     *
     * @param traits as words; may be empty
     */
    public record TestAddress(String address, String status, String label, String reason, String traits) {}
}
