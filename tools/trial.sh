#!/bin/sh
# Makes a small repository to try the action on: the branch main grants something, `change` grants a lease more and takes
# one grant away, and `wrong` names a grant that is not there.
#
# usage: tools/trial.sh FOLDER        which must not be there
set -eu

mkdir "$1"
cd "$1"
git init --quiet --initial-branch=main

commit() {
    git add --all
    git -c user.name=trial -c user.email=trial@example.com commit --quiet --message "$1"
}

mkdir aws-accounts aws-policies permanent-access temporary-access
cat >aws-accounts/payments.yaml <<'YAML'
aws-accounts: { nonprod: "123456789012", prod: "345678901234" }
YAML
cat >aws-policies/payments.yaml <<'YAML'
aws-policies:
  dev.read-only: { managed_policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
  dev.s3-debug: { custom_statements: [{ effect: Allow, actions: ["s3:GetObject"], resources: ["arn:aws:s3:::payments-*/*"] }] }
YAML
cat >permanent-access/payments.yaml <<'YAML'
permanent-access:
  - { description: All look at nonprod, users: [ada@example.com, bert@example.com], environments: [nonprod], grants: [dev.read-only] }
YAML
touch temporary-access/.gitkeep
commit 'What is there'

git checkout --quiet -b change
cat >permanent-access/payments.yaml <<'YAML'
permanent-access:
  - { description: All look at nonprod, users: [ada@example.com], environments: [nonprod], grants: [dev.read-only] }
YAML
cat >temporary-access/payments.yaml <<YAML
temporary-access:
  - { description: Refunds are stuck, expiration_date: $(date -u +%F), user: bert@example.com, environment: prod, grant: dev.s3-debug }
YAML
commit 'Look into the refunds'

git checkout --quiet -b wrong main
sed -i 's/dev.read-only\]/dev.read-onli]/' permanent-access/payments.yaml
commit 'A grant that is not there'
git checkout --quiet change
