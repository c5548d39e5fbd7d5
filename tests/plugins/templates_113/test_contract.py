from tianbao.testing import TemplateContract
from tianbao_templates_113 import TEMPLATE


class TestTemplate113(TemplateContract):
    template = TEMPLATE
