/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/classify.h"

#include "base/str.h"

#include <string.h>

static const char run_again[] = "AWS is busy: run it again later";
static const char mend_clock[] = "the clock of this machine is wrong: set it and run again";
static const char key_unknown[] =
    "AWS does not know the access key: check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN where the key is a temporary one";
static const char secret_wrong[] = "the secret does not belong to the access key: check AWS_SECRET_ACCESS_KEY";
static const char session_over[] = "the credentials have expired: get new ones and run again";
static const char request_wrong[] = "AWS refuses the request as it is: mend what the message names";

static const struct error_info infos[] = {
    {"Throttling", CLASS_THROTTLED, run_again},
    {"ThrottlingException", CLASS_THROTTLED, run_again},
    {"ThrottledException", CLASS_THROTTLED, run_again},
    {"RequestThrottled", CLASS_THROTTLED, run_again},
    {"RequestThrottledException", CLASS_THROTTLED, run_again},
    {"RequestLimitExceeded", CLASS_THROTTLED, run_again},
    {"TooManyRequestsException", CLASS_THROTTLED, run_again},
    {"BandwidthLimitExceeded", CLASS_THROTTLED, run_again},
    {"SlowDown", CLASS_THROTTLED, run_again},
    {"PriorRequestNotComplete", CLASS_THROTTLED, run_again},
    {"LimitExceededException", CLASS_THROTTLED, run_again},

    {"ServiceFailure", CLASS_TRANSIENT, run_again},
    {"InternalFailure", CLASS_TRANSIENT, run_again},
    {"ServiceUnavailable", CLASS_TRANSIENT, run_again},
    {"RequestTimeout", CLASS_TRANSIENT, run_again},
    {"RequestTimeoutException", CLASS_TRANSIENT, run_again},
    {"IDPCommunicationError", CLASS_TRANSIENT, run_again},
    {"ConcurrentModification", CLASS_BUSY, "something else changes the same object: run it again"},
    {"EntityTemporarilyUnmodifiable", CLASS_BUSY,
     "the name was deleted a moment ago: run it again in some minutes"},

    {"ExpiredToken", CLASS_EXPIRED, session_over},
    {"ExpiredTokenException", CLASS_EXPIRED, session_over},

    {"NoSuchEntity", CLASS_ABSENT, "it is not there: make it, or mend its name, and run again"},
    {"EntityAlreadyExists", CLASS_EXISTS, "the name is taken: rename or delete one of the two, and run again"},
    {"DeleteConflict", CLASS_CONFLICT, "something still hangs on it: take that away, and run again"},

    {"IDPRejectedClaim", CLASS_DENIED, NULL},
    {"AccessDenied", CLASS_DENIED, NULL},
    {"AccessDeniedException", CLASS_DENIED, NULL},
    {"UnauthorizedOperation", CLASS_DENIED, NULL},

    {"InvalidIdentityToken", CLASS_FINAL,
     "the account needs an OIDC provider with the token's iss as its URL and the token's aud as an audience"},
    {"LimitExceeded", CLASS_FINAL, "a quota is reached: remove what is not needed, or ask AWS to raise it"},
    {"MalformedPolicyDocument", CLASS_FINAL, "mend the statements of this policy"},
    {"InvalidInput", CLASS_FINAL, request_wrong},
    {"ValidationError", CLASS_FINAL, request_wrong},
    {"PackedPolicyTooLarge", CLASS_FINAL, request_wrong},
    {"UnmodifiableEntity", CLASS_FINAL, "AWS alone may change this role: grant to another one"},
    {"PolicyNotAttachable", CLASS_FINAL, "this policy is for roles of AWS's services: name another one"},
    {"RegionDisabledException", CLASS_FINAL, "STS is off in this region: set AWS_REGION to another one"},
    {"SignatureDoesNotMatch", CLASS_FINAL, secret_wrong},
    {"InvalidClientTokenId", CLASS_FINAL, key_unknown},
    {"UnrecognizedClientException", CLASS_FINAL, key_unknown},
    {"InvalidAccessKeyId", CLASS_FINAL, key_unknown},
    {"AuthFailure", CLASS_FINAL, key_unknown},
    {"OptInRequired", CLASS_FINAL, "the account is not subscribed to this service"},
    {"IncompleteSignature", CLASS_FINAL, key_unknown},
    {"MissingAuthenticationToken", CLASS_FINAL, key_unknown},
    {"RequestExpired", CLASS_FINAL, mend_clock},
};

/* STS could not reach the provider for its keys: that passes. */
static const struct error_info unverified_token = {"InvalidIdentityToken", CLASS_TRANSIENT, run_again};
static const struct error_info skewed_clock = {"SignatureDoesNotMatch", CLASS_FINAL, mend_clock};

static const struct error_info *classify_status(long status)
{
    static const struct error_info none = {"", CLASS_NONE, NULL}, throttled = {"", CLASS_THROTTLED, run_again},
                                   transient = {"", CLASS_TRANSIENT, run_again},
                                   denied = {"", CLASS_DENIED, NULL}, other = {"", CLASS_FINAL, request_wrong};
    if (status >= 200 && status <= 299)
        return &none;
    if (status == 429)
        return &throttled;
    if (status >= 500 && status <= 599)
        return &transient;
    return status == 403 ? &denied : &other;
}

const struct error_info *classify(long status, const struct aws_error *error)
{
    bool is_skewed = strstr(error->message, "Signature expired") || strstr(error->message, "not yet current");
    if (is_skewed && str_eq(error->code, skewed_clock.code))
        return &skewed_clock;
    if (str_eq(error->code, unverified_token.code) && strstr(error->message, "retrieve verification key"))
        return &unverified_token;
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
        if (str_eq(infos[i].code, error->code))
            return &infos[i];
    return classify_status(status);
}
