package dev.gatepost.address;

/** What is wrong with a text that is not an address; each with one plain sentence for the person who typed it. */
public enum Defect {
    EMPTY("the address is empty");

    private final String sentence;

    Defect(String sentence) {
        this.sentence = sentence;
    }

    /** One plain English sentence without a full stop. */
    public String sentence() {
        return sentence;
    }
}
