def test_it(phone):
    e = phone.envelope()
    r = phone.post(e, e, phone.envelope(kind="x"), zipped=True)
    print(r.status_code, r.content.decode())
    assert r.status_code == 200
