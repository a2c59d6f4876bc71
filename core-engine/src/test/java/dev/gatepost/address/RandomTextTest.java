package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4915112345678",
                "user99887766",
                "qwerty",
                "asdfgh",
                "asdfghjkl1",
                "poiuytrewq",
                "k3j9x2p1",
                "a1b2c3d4",
                "xkcdqwrtzp",
                "ASDFGH+news",
                "12.34.56.78",
                "lkjhgfd"
            })
    void suspectsWhatNobodyIsCalled(String localPart) {
        assertThat(RandomText.isLikely(localPart)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jane.doe", "jane1984", "j.doe85", "info", "r2d2", "qwe", "brzeczyszczykiewicz", "schmidt-schwarz",
                        "john2doe",
                "property", "angstschrei", "jürgen.müller", "наталья", "12345", "w.k", "mcknight", "type4you2", "phpdev"
            })
    void leavesNamesAlone(String localPart) {
        assertThat(RandomText.isLikely(localPart)).isFalse();
    }
}
