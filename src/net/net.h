/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP exchanges, many at once, on one libcurl multi handle; no threads. https only, except loopback.
 * Retries, with backoff and full jitter, what is transient: connection failures, 5xx, 429 and what the
 * caller's classifier calls throttling. A group that was throttled goes slower for a while, the others do
 * not notice. Redirects are not followed. Proxies come from https_proxy and no_proxy, as libcurl reads them;
 * never for loopback. Pacing uses the monotonic clock, decisions never do.
 */
#ifndef IAMLEASE_NET_NET_H
#define IAMLEASE_NET_NET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net;

struct net_options {
    const char *user_agent;
    unsigned max_in_flight;           /* of all; 0: 100 */
    unsigned max_in_flight_per_group; /* 0: 2 */
    unsigned max_attempts;            /* 0: 8 */
    unsigned connect_timeout_ms;      /* 0: 10,000 */
    unsigned timeout_ms;              /* for one attempt; 0: 60,000 */
    unsigned
        deadline_s; /* from net_open() on; 0: none. Then nothing new starts, and what is in flight may finish */
    const char *ca_file;             /* certificates to trust (PEM) instead of the machine's; NULL: those */
    unsigned backoff_base_ms;        /* 0: 200; wait rand(0, min(20 s, base · 2^attempt)) */
    const volatile int *stop_signal; /* not 0: start nothing new and let what is in flight finish; may be NULL */
    unsigned stop_wait_ms;           /* for how long that; then no answer came; 0: 4,000 */
};

int net_open(struct net **ret, const struct net_options *options, struct err *err);

/* What is still queued is dropped without a word; NULL is allowed. */
void net_close(struct net *net);

/* Where the deadline is nearer than that, or over: so many seconds from now. For last words, not for more work. */
void net_allow(struct net *net, unsigned seconds);

enum net_verdict {
    NET_FINAL,     /* hand the answer to the caller */
    NET_RETRY,     /* transient: again after a short wait */
    NET_THROTTLED, /* again after a longer wait */
};

/* What the headers of an answer say about asking again; -1: they say nothing. */
struct net_limits {
    int64_t retry_after_s; /* Retry-After in seconds; a date there counts as nothing */
    int64_t remaining;     /* x-ratelimit-remaining: requests until the next reset */
    int64_t reset_s;       /* x-ratelimit-reset: seconds since 1970 */
};

/* Why there is no usable answer. */
enum net_trouble {
    NET_TROUBLE_NONE,
    NET_TROUBLE_CONNECTION,  /* none came about, it broke, or nothing came in time */
    NET_TROUBLE_HOST,        /* the name of the host is not known */
    NET_TROUBLE_PROXY,       /* the name of the proxy is not known */
    NET_TROUBLE_CERTIFICATE, /* of the server: not trusted */
    NET_TROUBLE_ENDLESS,     /* the answer began and did not end in time */
    NET_TROUBLE_CUT,         /* the answer broke off */
    NET_TROUBLE_HUGE,        /* the answer is larger than it may be */
    NET_TROUBLE_HTML,        /* a web page, where a sink waits for an answer */
    NET_TROUBLE_UNREADABLE,  /* the sink refused the answer */
    NET_TROUBLE_REQUEST,     /* it cannot be sent: a URL that is not allowed, a lack of libcurl's */
    NET_TROUBLE_STOPPED,     /* a signal came before it was sent */
    NET_TROUBLE_DEADLINE,    /* the deadline passed before it was sent */
};

struct net_response {
    long status;      /* HTTP status; 0: no answer came */
    const char *body; /* terminated; valid during the callback only */
    size_t body_size;
    const char *request_id; /* x-amzn-RequestId or x-github-request-id, or NULL */
    const char *link;       /* the header Link, or NULL; one over 4,095 bytes counts as missing */
    struct net_limits limits;
    unsigned attempts;
    bool maybe_sent; /* no answer came, but in this or an earlier attempt the request may have reached the server */
    enum net_trouble trouble;
    struct err err; /* code ERR_NONE when an answer came, whatever its status */
};

/*
 * Where the body of a 2xx answer goes instead of into memory, piece by piece. Bodies of other answers are
 * handed over as `body` as ever: a classifier needs them.
 */
struct net_sink {
    void (*reset)(void *context); /* before each attempt: forget what came before */
    bool (*write)(void *context, const char *bytes,
                  size_t size); /* false: stop, the answer is of no use; final */
    void *context;
};

/*
 * Says whether an answer (status not 0) should be tried again. NULL: 5xx and 429 are. *wait_ms is the least
 * time until then: what Retry-After asks for, at most 20 s, unless the classifier sets another.
 */
typedef enum net_verdict net_classify(void *context, const struct net_response *response, int64_t *wait_ms);

/* Called once for each request, from within net_run(). It may send further requests. */
typedef void net_done(void *context, const struct net_response *response);

struct net_header {
    const char *name,
        *value; /* the value is never empty (libcurl before 8.3 signs an empty header that it does not send) */
};

struct net_request {
    const char *method; /* "GET", "POST", "PATCH", "PUT", "DELETE" */
    const char *url;
    const struct net_header *headers;
    size_t header_count;
    const char *body; /* NULL: none */
    size_t body_size;
    const char *group; /* requests of one group are paced together: the account id */

    const char *sigv4; /* "aws:amz:us-east-1:iam", or NULL: not signed */
    const char *access_key_id;
    const struct secret *secret_access_key; /* must live until `done` */
    const struct secret *session_token;     /* sent as X-Amz-Security-Token; may be NULL or unset */

    const struct secret *bearer; /* sent as "Authorization: Bearer …", not beside sigv4; as above */

    bool retry_lost_answer; /* false: when an answer was lost after the request may have been sent, do not send it again */
    size_t max_body_size;        /* of an answer; 0: 64 MiB */
    unsigned delay_ms;           /* before the first attempt */
    const struct net_sink *sink; /* must live until `done`; NULL: the body is kept in memory */

    net_classify *classify;
    net_done *done;
    void *context;
};

/* Queues a request; all that it points to is copied, except secrets and contexts. Never fails: trouble comes to `done`. */
void net_send(struct net *net, const struct net_request *request);

/*
 * For whoever has many requests and does not want to queue them all at once. How many more of a group could be
 * in flight at this moment, beside those that are and those that only wait for a place: what waits for a time,
 * as for its next attempt, takes no place. The listener is told from within net_run() whenever a request of a
 * group has left its place, after `done` where that is due, and may send further requests. NULL: nobody is.
 */
typedef void net_left_place(void *context, const char *group);
unsigned net_room(struct net *net, const char *group);
void net_listen(struct net *net, net_left_place *listener, void *context);

/*
 * Runs until nothing is queued or in flight. ERR_STOPPED when the stop signal came: queued requests get
 * `done` with an ERR_STOPPED error (not sent), those in flight were finished. After the deadline they get
 * ERR_NET and NET_TROUBLE_DEADLINE, and that is no failure of the run.
 */
int net_run(struct net *net, struct err *err);

/* Whether the deadline has passed, so that what would be sent now is refused. */
bool net_is_late(const struct net *net);

/* Whether a body begins like a web page: what a captive portal or a proxy sends instead of an answer. */
bool net_is_html(const char *bytes, size_t size);

/* The monotonic clock, for pacing and for the age of credentials. */
int64_t net_clock_ms(void);

/* The time of day, in seconds since 1970, for records of what was done; decisions use the time that main read. */
int64_t net_wall_time_s(void);

/*
 * Whether a URL is https, or http to a loopback address (localhost, 127.0.0.0/8, [::1]), without user,
 * password, fragment or segments of the path that are "." or "..", also written as "%2e". *ret_loopback (may
 * be NULL) says whether the host is a loopback address; it is set in any case.
 */
bool net_url_is_allowed(const char *url, bool *ret_loopback);

#endif
