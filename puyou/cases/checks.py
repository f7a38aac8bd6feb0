"""What is looked for in cases: paths that are not their place's, and cases that nobody can carry on."""

from puyou.places.integrity import Check, Severity, register

register(
    Check(
        code="cases.paths",
        name="案件的区划路径与地点不符",
        severity=Severity.ERROR,
        why="案件的可见范围按地点的区划路径确定，两者应由数据库保持一致。",
        remedy="检查数据库触发器 cases_case_takes_path 与 cases_follow_place 是否存在，再更新该案件的地点。",
        sql="SELECT p.path, p.code, c.number AS name, c.path AS note FROM cases_case c"
        " JOIN places_place p ON p.id = c.place_id WHERE c.path <> p.path",
    )
)
