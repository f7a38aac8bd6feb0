"""What is looked for in the data: cases that stand still."""

from puyou.places.integrity import Check, Severity, register

register(
    Check(
        code="cases.stuck",
        name="案件停滞，无人可以办理",
        severity=Severity.WARNING,
        why="案件须始终有人可办，或有期限在计算；人员离岗、机构撤并之后可能无人承接。",
        remedy="打开“案件 → 停滞案件”，按所列办法任命人员、移交或由上级办理。",
        sql="SELECT p.path, p.code, c.number AS name, CASE s.reason WHEN 'no_step' THEN '没有可办的事项'"
        " WHEN 'nobody' THEN '无人可以办理' ELSE '主管部门无人' END AS note"
        " FROM workbench_stuckcase s JOIN cases_case c ON c.id = s.case_id AND c.closed_at IS NULL"
        " JOIN places_place p ON p.id = c.place_id",
    )
)
