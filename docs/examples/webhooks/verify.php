<?php
/** True when the message is from Gatepost; $body is the raw body, $now is in seconds since 1970. */
function is_genuine(string $secret, string $id, string $timestamp, string $signatures, string $body, int $now): bool
{
    if (!preg_match('/^\d{1,12}$/', $timestamp) || abs($now - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen('whsec_')));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $signatures) as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

// Secret, id, timestamp, signatures, now; the body on standard input. Exit code 0 when it is genuine.
[, $secret, $id, $timestamp, $signatures, $now] = $argv;
exit(is_genuine($secret, $id, $timestamp, $signatures, file_get_contents('php://stdin'), (int) $now) ? 0 : 1);
