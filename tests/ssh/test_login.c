/* Which keys open a host, and which files are keys. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"

static void
tries_a_refused_login_once(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    int before = sshd_logged(&server, "Failed publickey");
    struct hf_result *r;
    uint32_t link;

    (void)state;
    spec.identity = server.stranger;
    link = client_open(&c, &spec);
    for (int i = 0; i < 3; i++)
        client_submit(&c, link, "echo no", NULL, 0, NULL);
    for (int i = 0; i < 3; i++) {
        r = client_wait(&c);
        assert_outcome(r, HF_NET_DENIED);
        assert_mentions(r->error.text, server.user);
        assert_mentions(r->error.text, "SHA256:");
        assert_mentions(r->error.hint, "publickey");
        hf_result_free(r);
    }
    client_stop(&c);
    assert_int_equal(sshd_logged(&server, "Failed publickey"), before + 1);
}

static void
reports_a_disconnect_during_login_as_denied(void **state)
{
    struct sshd strict;
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    struct hf_result *r;

    (void)state;
    assert_int_equal(sshd_start(&strict, "MaxAuthTries 1"), 0);
    spec = client_spec(&strict);
    spec.identity = server.stranger;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_DENIED);
    assert_mentions(r->error.text, "Too many authentication failures");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&strict);
}

static void
says_when_a_key_is_not_enough(void **state)
{
    struct sshd strict;
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    struct hf_result *r;

    (void)state;
    assert_int_equal(sshd_start(&strict,
                                "PasswordAuthentication yes\n"
                                "AuthenticationMethods publickey,password"),
                     0);
    spec = client_spec(&strict);
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_DENIED);
    assert_mentions(r->error.text, "wants more than a key");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&strict);
}

static int
open_rc(struct client *c, const struct hf_link_spec *spec, struct hf_err *err)
{
    uint32_t link;

    *err = (struct hf_err)HF_ERR_INIT;
    return hf_transport_open(c->transport, &link, spec, err);
}

static void
refuses_key_files_that_are_no_secret_or_no_key(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    char *open_key = sshd_path(&server, "open"), *text = slurp(server.id);
    char *pub = hf_xasprintf("%s.pub", server.id);
    char *missing = sshd_path(&server, "missing");
    struct hf_err err;

    (void)state;
    hf_file_write(open_key, text, strlen(text), 0644, &err);
    chmod(open_key, 0644);
    spec.identity = open_key;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EDENIED);
    assert_mentions(err.text, "0644");
    assert_mentions(err.hint, "chmod 600");

    chmod(pub, 0600);
    spec.identity = pub;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EINVALID);
    spec.identity = server.dir;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EINVALID);
    spec.identity = missing;
    assert_int_equal(open_rc(&c, &spec, &err), HF_ENOTFOUND);
    free(open_key);
    free(text);
    free(pub);
    free(missing);
    client_stop(&c);
}

struct asked {
    const char *answer;
    int times;
};

static struct hf_secret *
answer(void *ctx, const char *identity)
{
    struct asked *asked = ctx;
    struct hf_secret *secret;
    struct hf_err err;

    assert_non_null(identity);
    asked->times++;
    if (!asked->answer)
        return NULL;
    secret = hf_secret_new();
    for (const char *p = asked->answer; *p; p++)
        hf_secret_putc(secret, *p, &err);
    return secret;
}

static void
asks_once_for_the_passphrase_of_a_key(void **state)
{
    struct asked asked = {.answer = "open sesame"};
    const struct hf_transport_options options = {
        .workers = 2, .passphrase = answer, .ctx = &asked, .agent_sock = ""};
    struct client c;
    struct hf_link_spec spec = client_begin(&c, &options);
    struct hf_result *r;

    (void)state;
    spec.identity = server.secret_id;
    for (int i = 0; i < 3; i++) {
        r = client_run(&c, client_open(&c, &spec), "echo in");
        assert_says(r, "in\n");
        hf_result_free(r);
    }
    assert_int_equal(asked.times, 1);
    client_stop(&c);
}

static void
refuses_a_wrong_or_missing_passphrase(void **state)
{
    static const char *const answers[] = {"wrong", "", NULL};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(answers); i++) {
        struct asked asked = {.answer = answers[i]};
        const struct hf_transport_options options = {
            .passphrase = answer, .ctx = &asked, .agent_sock = ""};
        struct client c;
        struct hf_link_spec spec = client_begin(&c, &options);
        struct hf_err err;

        spec.identity = server.secret_id;
        assert_int_equal(open_rc(&c, &spec, &err), HF_EREFUSED);
        assert_int_equal(open_rc(&c, &spec, &err), HF_EREFUSED);
        assert_mentions(err.text, "passphrase");
        assert_int_equal(asked.times, 1);
        client_stop(&c);
    }
}

static void
logs_in_with_keys_of_other_types(void **state)
{
    static const char *const types[] = {"rsa", "ecdsa"};
    char *list = sshd_path(&server, "authorized");
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);

    (void)state;
    for (size_t i = 0; i < HF_COUNT(types); i++) {
        char *key = sshd_path(&server, types[i]);
        const char *const make[] = {"ssh-keygen", "-q", "-t", types[i], "-N",
                                    "",           "-f", key,  NULL};
        assert_int_equal(run_quiet(make), 0);
        char *pub = public_key(key), *old = slurp(list);
        char *text = hf_xasprintf("%s%s\n", old, pub);
        struct hf_err err;

        hf_file_write(list, text, strlen(text), 0600, &err);
        spec.identity = key;
        struct hf_result *r = client_run(&c, client_open(&c, &spec), "echo in");
        assert_says(r, "in\n");
        hf_result_free(r);
        free(text);
        free(old);
        free(pub);
        free(key);
    }
    free(list);
    client_stop(&c);
}

static void
logs_in_with_a_certificate(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    char *ca = sshd_path(&server, "ca"), *key = sshd_path(&server, "signed");
    char *extra = hf_xasprintf("TrustedUserCAKeys %s.pub\n", ca);
    char *pub = hf_xasprintf("%s.pub", key);
    const char *const make_ca[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
                                   "",           "-f", ca,   NULL};
    const char *const make_key[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
                                    "",           "-f", key,  NULL};
    const char *const sign[] = {"ssh-keygen", "-q", "-s",        ca,  "-I",
                                "test",       "-n", server.user, pub, NULL};
    struct sshd trusting;
    struct hf_result *r;

    (void)state;
    assert_int_equal(run_quiet(make_ca), 0);
    assert_int_equal(run_quiet(make_key), 0);
    assert_int_equal(run_quiet(sign), 0);
    assert_int_equal(sshd_start(&trusting, extra), 0);
    spec = client_spec(&trusting);
    spec.identity = key;
    r = client_run(&c, client_open(&c, &spec), "echo certified");
    assert_says(r, "certified\n");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&trusting);
    free(ca);
    free(key);
    free(extra);
    free(pub);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_a_refused_login_once),
        cmocka_unit_test(reports_a_disconnect_during_login_as_denied),
        cmocka_unit_test(says_when_a_key_is_not_enough),
        cmocka_unit_test(refuses_key_files_that_are_no_secret_or_no_key),
        cmocka_unit_test(asks_once_for_the_passphrase_of_a_key),
        cmocka_unit_test(refuses_a_wrong_or_missing_passphrase),
        cmocka_unit_test(logs_in_with_keys_of_other_types),
        cmocka_unit_test(logs_in_with_a_certificate),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
