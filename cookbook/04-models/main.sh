# The program: what differs from app to app, or from workunit to workunit.
. /usr/local/lib/library.sh
total <in >out
