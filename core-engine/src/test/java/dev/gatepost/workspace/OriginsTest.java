package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            https://www.acme.io          ; true  ; usual
            https://acme.io:8443         ; true  ; another port
            https://xn--bcher-kva.example; true  ; browsers send A-labels
            http://localhost             ; true  ; where forms are tried out
            http://localhost:3000        ; true  ; the same
            http://127.0.0.1:8080        ; true  ; the same
            http://acme.io               ; false ; plain http on the way to others
            http://localhost.acme.io     ; false ; not this machine
            https://acme.io:443          ; false ; browsers leave the usual port out, so it would never match
            http://localhost:80          ; false ; the same
            https://acme.io/             ; false ; a path
            https://Acme.io              ; false ; browsers send small letters
            https://*.acme.io            ; false ; no patterns
            https://                     ; false ; no host
            https://a%b.io               ; false ; no host has that
            https://-acme.io             ; false ; nor that
            null                         ; false ; what a sandboxed frame sends
            """)
    void knowsWhatABrowserSends(String text, boolean isOne, String why) {
        assertThat(Origins.isOne(text)).as(why).isEqualTo(isOne);
    }
}
