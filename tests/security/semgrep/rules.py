# ruff: noqa
"""What the rules find (ruleid) and what they let be (ok)."""
# ruleid: chance-that-can-be-guessed
import random
# ok: chance-that-can-be-guessed
import secrets


def look(request, cursor, form):
    # ruleid: what-people-sent-in-sql
    cursor.execute(f"SELECT 1 FROM places WHERE name = {request.GET['name']}")
    wanted = form.cleaned_data["order"]
    # ruleid: what-people-sent-in-sql
    cursor.execute("SELECT 1 ORDER BY " + wanted)
    # ok: what-people-sent-in-sql
    cursor.execute("SELECT 1 WHERE name = %s", [request.GET["name"]])
    # ok: what-people-sent-in-sql
    cursor.execute(f"SELECT {int(request.GET['n'])}")
    # ruleid: words-of-a-call-in-sql
    cursor.execute(f"SELECT 1 WHERE name = '{form.name}'")
    # ok: words-of-a-call-in-sql
    cursor.execute(f"SELECT {COLUMNS} FROM places")


def run(text, name):
    # ruleid: code-from-text
    eval(text)
    # ruleid: code-from-text
    subprocess.run(name, shell=True)
    # ok: code-from-text
    subprocess.run([name])


def show(text):
    # ruleid: escaping-switched-off
    return mark_safe(text)


# ruleid: forged-requests-let-in
@csrf_exempt
def take(request):
    given_token = request.POST["token"]
    # ruleid: secrets-compared-by-letters
    if given_token == TOKEN:
        # ruleid: led-elsewhere
        return HttpResponseRedirect(request.GET["next"])
    # ok: secrets-compared-by-letters
    if hmac.compare_digest(given_token, TOKEN):
        # ruleid: files-by-sent-names
        return open(request.GET["file"])
    # ok: led-elsewhere
    return HttpResponseRedirect(reverse("front"))


def ask(address):
    # ruleid: certificates-not-looked-at
    requests.get(address, verify=False)
    # ok: certificates-not-looked-at
    requests.get(address)
