/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* The examples of FIPS 180-2, appendix B, and the empty message. */
static void test_known_digests(void **state)
{
    (void)state;
    char hex[SHA256_HEX_SIZE];
    assert_string_equal(sha256_hex("", 0, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(sha256_hex("abc", 3, hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *long_text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_string_equal(sha256_hex(long_text, strlen(long_text), hex),
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *million = malloc(1000000);
    assert_non_null(million);
    memset(million, 'a', 1000000);
    assert_ptr_equal(sha256_hex(million, 1000000, hex), hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
