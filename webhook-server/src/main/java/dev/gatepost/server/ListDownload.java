package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.EgressRefused;
import dev.gatepost.lists.ListFetch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Gets lists over https, by a client that obeys the egress rules and gives up in time. Safe for any thread. */
final class ListDownload implements ListFetch {

    private final OkHttpClient http;

    ListDownload(OkHttpClient http) {
        this.http = requireNonNull(http, "http");
    }

    @Override
    public Fetched fetch(String url, int octetsMax) {
        var request = new Request.Builder()
                .url(url)
                .header("Accept", "text/plain, */*;q=0.1")
                .header("User-Agent", "gatepost/" + Version.current())
                .build();
        try (var response = http.newCall(request).execute()) {
            if (response.isRedirect()) {
                return new Fetched.Failed("it answered " + response.code()
                        + ", and redirects are not followed: give the address it leads to");
            }
            if (response.code() != 200) {
                return new Fetched.Failed("it answered " + response.code());
            }
            var octets = response.body().byteStream().readNBytes(octetsMax + 1);
            return octets.length > octetsMax
                    ? new Fetched.Failed("it is larger than " + octetsMax + " bytes")
                    : new Fetched.Text(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(octets))
                            .toString());
        } catch (CharacterCodingException _) {
            return new Fetched.Failed("it is not UTF-8");
        } catch (EgressRefused e) {
            return new Fetched.Failed(String.valueOf(e.getMessage()));
        } catch (UnknownHostException e) {
            return new Fetched.Failed(String.valueOf(e.getMessage()));
        } catch (InterruptedIOException _) {
            return new Fetched.Failed("it did not answer in time");
        } catch (IOException e) {
            return new Fetched.Failed("it could not be had: " + e.getClass().getSimpleName());
        }
    }
}
