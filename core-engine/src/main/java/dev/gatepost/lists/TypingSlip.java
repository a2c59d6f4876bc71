package dev.gatepost.lists;

/**
 * How far apart two words are for a hand on a keyboard: Damerau-Levenshtein (optimal string alignment) with weights. A
 * slip that hands make more often than minds counts half: a neighbouring key, two letters swapped, a letter doubled or
 * not.
 */
final class TypingSlip {
    /** The cost of one letter put in, left out or taken for another. */
    static final int EDIT = 2;

    /** The cost of a slip of the hand. */
    static final int SLIP = 1;

    /** Rows of a QWERTY keyboard; a key touches those beside it and those half a key away in the next row. */
    private static final String[] ROWS = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};

    private TypingSlip() {}

    /** The sum of the cheapest series of edits that makes {@code meant} of {@code typed}; 0 for the same word. */
    static int cost(String typed, String meant) {
        var table = new int[typed.length() + 1][meant.length() + 1];
        for (var i = 0; i <= typed.length(); i++) {
            for (var j = 0; j <= meant.length(); j++) {
                table[i][j] = i == 0 ? j * EDIT : j == 0 ? i * EDIT : cheapest(table, typed, meant, i, j);
            }
        }
        return table[typed.length()][meant.length()];
    }

    private static int cheapest(int[][] table, String typed, String meant, int i, int j) {
        var t = typed.charAt(i - 1);
        var m = meant.charAt(j - 1);
        var best = table[i - 1][j - 1] + (t == m ? 0 : areNeighbours(t, m) ? SLIP : EDIT);
        best = Math.min(best, table[i - 1][j] + (i > 1 && t == typed.charAt(i - 2) ? SLIP : EDIT));
        best = Math.min(best, table[i][j - 1] + (j > 1 && m == meant.charAt(j - 2) ? SLIP : EDIT));
        if (i > 1 && j > 1 && t != m && t == meant.charAt(j - 2) && m == typed.charAt(i - 2)) {
            best = Math.min(best, table[i - 2][j - 2] + SLIP);
        }
        return best;
    }

    /** Whether the two keys touch: the key at place p of a row touches p and p + 1 of the row above it. */
    static boolean areNeighbours(char a, char b) {
        for (var row = 0; row < ROWS.length; row++) {
            var place = ROWS[row].indexOf(a);
            if (place < 0) {
                continue;
            }
            return holds(row, place - 1, b)
                    || holds(row, place + 1, b)
                    || holds(row - 1, place, b)
                    || holds(row - 1, place + 1, b)
                    || holds(row + 1, place, b)
                    || holds(row + 1, place - 1, b);
        }
        return false;
    }

    private static boolean holds(int row, int place, char key) {
        return row >= 0
                && row < ROWS.length
                && place >= 0
                && place < ROWS[row].length()
                && ROWS[row].charAt(place) == key;
    }
}
