package dev.gatepost.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.egress.AddressRange;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address counts when there is a proxy. */
class ForwardedAddressTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", emptyValue = "", textBlock = """
            -                     ; 203.0.113.9                        ; 127.0.0.1   ; nobody is trusted
            10.0.0.0/8            ; 203.0.113.9                        ; 127.0.0.1   ; the peer is no proxy of ours
            127.0.0.1             ; -                                  ; 127.0.0.1   ; the proxy says nothing
            127.0.0.1             ; 203.0.113.9                        ; 203.0.113.9 ; what the proxy says
            127.0.0.1             ; 1.1.1.1, 203.0.113.9               ; 203.0.113.9 ; the first is the client's own claim
            127.0.0.1,10.0.0.0/8  ; 1.1.1.1, 203.0.113.9, 10.0.0.7     ; 203.0.113.9 ; two proxies of ours
            127.0.0.1,10.0.0.0/8  ; 10.0.0.7                           ; 10.0.0.7    ; a client among the proxies
            127.0.0.1             ; 2001:db8::1                        ; [2001:db8:0:0:0:0:0:1] ; the other family, as servlets write it
            127.0.0.1             ; nonsense                           ; 127.0.0.1   ; no address
            127.0.0.1             ; nonsense, 203.0.113.9              ; 203.0.113.9 ; nonsense before it
            """)
    void takesTheAddressOfTheClient(String trusted, String header, String address, String why) throws Exception {
        var proxies = trusted == null
                ? List.<AddressRange>of()
                : Stream.of(trusted.split(",")).map(AddressRange::parse).toList();
        var bind = new HttpServer.Bind("127.0.0.1", 0, false, proxies);
        try (var server = new HttpServer(
                bind,
                List.of(routes -> routes.get(
                        "/who", context -> context.result(context.req().getRemoteAddr()))))) {
            var port = server.start();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                var line = header == null ? "" : "X-Forwarded-For: " + header + "\r\n";
                socket.getOutputStream()
                        .write(("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + line + "\r\n")
                                .getBytes(UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .as(why)
                        .endsWith("\r\n\r\n" + address);
            }
        }
    }
}
