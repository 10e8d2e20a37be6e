"""Places by LGD code: `directory` is the tables, `area` what lies where and who acts there.

Source: Local Government Directory, Ministry of Panchayati Raj; Government Open Data License - India;
dump of December 2022.
"""
