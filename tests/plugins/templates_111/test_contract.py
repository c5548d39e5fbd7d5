from tianbao.testing import TemplateContract
from tianbao_templates_111 import TEMPLATE


class TestTemplate111(TemplateContract):
    template = TEMPLATE
