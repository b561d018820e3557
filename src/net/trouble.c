/* SPDX-License-Identifier: Apache-2.0 */
#include "net/trouble.h"

#include "base/str.h"

#include <string.h>
#include <strings.h>

bool net_is_html(const char *bytes, size_t size)
{
    static const char *const begins[] = {"<!doctype html", "<html", "<head", "<body"};
    while (size && (*bytes == ' ' || *bytes == '\t' || *bytes == '\r' || *bytes == '\n'))
        bytes++, size--;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (size >= strlen(begins[i]) && strncasecmp(bytes, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static enum net_trouble trouble_of_timeout(const struct exchange *exchange)
{
    long status = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    return status ? NET_TROUBLE_ENDLESS : NET_TROUBLE_CONNECTION;
}

enum net_trouble trouble_of(const struct exchange *exchange, CURLcode code)
{
    if (exchange->refusal != NET_TROUBLE_NONE)
        return exchange->refusal;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return NET_TROUBLE_HOST;
    case CURLE_COULDNT_RESOLVE_PROXY: return NET_TROUBLE_PROXY;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return NET_TROUBLE_CERTIFICATE;
    case CURLE_PARTIAL_FILE: return NET_TROUBLE_CUT;
    case CURLE_OPERATION_TIMEDOUT: return trouble_of_timeout(exchange);
    default: return NET_TROUBLE_CONNECTION;
    }
}

/* "https://host:port" of the URL: what comes after it is nobody's business in a message. */
static int origin_length(const char *url)
{
    const char *authority = strstr(url, "://") + 3;
    return (int)(authority - url) + (int)strcspn(authority, "/?");
}

void trouble_describe(struct exchange *exchange, enum net_trouble trouble, CURLcode code, struct err *err)
{
    const char *url = exchange->request.url;
    int length = origin_length(url);
    char *text = exchange->attempt->detail;
    for (char *c = text; *c; c++)
        if (*c < ' ' || *c >= 0x7f)
            *c = '?'; /* parts of it can come from the other side: the names in a certificate */
    const char *detail = text[0] ? text : curl_easy_strerror(code);
    switch (trouble) {
    case NET_TROUBLE_UNREADABLE:
        err_set(err, ERR_INPUT, "the answer of %.*s cannot be read", length, url);
        break;
    case NET_TROUBLE_HTML: err_set(err, ERR_INPUT, "the answer of %.*s is a web page", length, url); break;
    case NET_TROUBLE_HUGE:
        err_set(err, ERR_INPUT, "the answer of %.*s is larger than %zu bytes", length, url,
                exchange->body_max);
        break;
    case NET_TROUBLE_ENDLESS:
        err_set(err, ERR_NET, "the answer of %.*s began, but did not come to its end in time: %s", length,
                url, detail);
        break;
    case NET_TROUBLE_CUT:
        err_set(err, ERR_NET, "the answer of %.*s broke off: %s", length, url, detail);
        break;
    case NET_TROUBLE_CERTIFICATE:
        err_set(err, ERR_NET, "the certificate of %.*s is not trusted: %s", length, url, detail);
        break;
    default: err_set(err, ERR_NET, "no answer from %.*s: %s", length, url, detail);
    }
}
