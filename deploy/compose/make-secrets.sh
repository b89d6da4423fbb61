#!/bin/sh
# Makes the passwords of the databases, once, as files that docker-compose.yml hands to the containers.
set -eu
cd "$(dirname "$0")/../.."
# Only we may enter; who gets a file handed into a container may read it there, whatever its user is.
mkdir -p secrets
chmod 700 secrets

# name, text: what is there stays, for a database keeps its first password.
keep() {
  [ -s "secrets/$1" ] && return
  printf '%s' "$2" > "secrets/$1.new"
  chmod 444 "secrets/$1.new"
  mv "secrets/$1.new" "secrets/$1"
}

for name in order payment reporting saga-log bff; do
  keep "$name-password" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
  keep "$name-url" "postgresql://alpes:$(cat "secrets/$name-password")@$name-db:5432/alpes"
done
keep gateway-url "postgresql://alpes:$(cat secrets/payment-password)@payment-db:5432/gateway"
