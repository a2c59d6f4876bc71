package dev.gatepost.lists;

import okhttp3.HttpUrl;

/** Asks the public suffix list (publicsuffix.org, MPL 2.0, in the edition OkHttp carries). Slow to load: ask rarely. */
final class PublicSuffix {
    private PublicSuffix() {}

    /** Whether strangers register names right below this one, as below {@code co.uk} or {@code github.io}. */
    static boolean isOne(String name) {
        return new HttpUrl.Builder().scheme("https").host(name).build().topPrivateDomain() == null;
    }
}
