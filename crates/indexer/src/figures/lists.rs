//! Words around the name of what is measured: those that end it, lead to it or stand behind it.
//!
//! Only lists, from the bulletins, reports and regulations this was developed on. How they are used is
//! for `what` to say.

use std::sync::LazyLock;

use crate::any_of::AnyOf;

/// Words of a list.
type Words = LazyLock<AnyOf>;

/// Words that end a name behind a classifier.
pub(super) static ENDS: Words = LazyLock::new(|| {
    AnyOf::split(
        "已 全部 全面 均 进行 实现 完成 开展 达到 达 占 不同 存在 被 在 为 是 由
         从 并 共 通过 纳入 获得 获评 获批 入选 建成 投产 得到 提供 给予 可以 应当
         不得 必须 都 向 用于 上线 进入 参与 参加 落户 签约 开工 启用 集中 运行
         投入 带动 覆盖 受到 受益 实行 制定 提出 发现 作出 采取 分别 先后 将 成功
         顺利 有效 切实 等 以上 以下 以内 左右 内 予以 取得 落实 到位 累计 增长
         下降 同比 其中 经 未 无 有 还 也 仅 能够 来 后 前 之 联合 使用 组成
         负责 按 就 于 正式 基本 加快 着力 持续 稳步 蓄势 竣工 联名 应 相继 作为
         组建 统一 呈 专门 处以 严查 督导 且 提议 推选 同意 推荐 签名 签字 组织开展
         构成 出席 到会 减少 增加 提高 降低 压缩 缩减 达标 需 须 可 跻身 荣获 贯通
         获 享受 每 把 同时 到 从事 仍 增补 期间 不足 不满 对外 对社会 入住 首次 划转 整合 帮扶 开诊 提前 发放 追回 变好 改善 实施 办理 过半数 半数 单数 搬进 搬入 划分 启动 释放 的除外 认为 共同 开设 对 升格 拔地而起 整县建 托底 下放 依法 逐一 逐个 逐条 逐项 逐户 逐件 优先 分属 挂牌 揭牌 上市 主板 科创板 创业板 新三板 北交所 亮相 落地 建设完成 率先 总投资 或者 居 位居 位列 列",
    )
});

/// Words in front of a name that belong to the sentence and not to it.
pub(super) static LEADS: Words = LazyLock::new(|| {
    AnyOf::split(
        "其中 全市 全省 全区 全县 全国 我市 我省 我区 我县 本市 目前 截至目前
         截止目前 共 已 累计 并 又 还 先后 全年 今年 年内 现场 预计 同时 此外 现有
         现 应当 应 可以 可 对 将 把 及 和 与 、 的 了 均 也 再 至今 以来
         一年来 五年来 今年来 依法 成功 全部 力争 确保 争取 计划 到 使 由 为 给予 处以
         处 按照 按 以 拟 要 在 经 通过 分别 平均 每年 进一步 全面 集中 统一 新
         总共 合计 共有 有 期间 以及 当年 市级 率先 近期 自 超过 至少 不少于
         但是 但 后 任何 每 每个 如果 若 且 即 则 仅 同步 直接 持续 深入 加快
         做到 达到 因 当 或 或者 同意 之间 推荐 是指 时期 首个 全球 首家 净增 各 严禁 禁止 其 每张 每次 每名 每位 每户 每家 每件 每项 每人 每条 每辆 每部 每台 每所 视为",
    )
});

/// Verbs that only say that something was done to what is counted.
pub(super) static VERBS: Words = LazyLock::new(|| {
    AnyOf::split(
        "开展 进行 完成 实现 下达 发放 组织 召开 举办 制定 出台 查处 移交 发现 接管
         公开 归集 归集并公示 办结 解决 帮助企业解决 受理 建立 建成 建设 打造 培育
         新增 创建 设立 设置 引进 实施 推进 推动 化解 处理 处置 办理 下放 取消 减少
         清理 整治 整改 责令整改 改造 新建 新建改造 开工 开工建设 新开工 投用 认定
         评选 获得 争取 落实 筹集 投入 安排 拨付 集聚 筹措 输转 增补 清收 提升 扩建 改建 续建 改扩建 修改 废止 宣布失效 立改废 招聘 招录 采购 兑付
         偿还 培养 引入 淘汰 拆除 关闭 购置 更新 续建 筹集 办好 退出 追回 供应 推广种植 提质升级 扩充 新改造 运行 扩大 盘活 支持 帮助 服务 组建 派出 出动
         约谈 走访 收集 征集 梳理 印发 下发 发布 推出 推广 培训 选派 选聘 聘请 签约
         签订 引育 提供 启动 部署 承办 整合 修复 治理 排查 检查 抽查 核查 督办 交办
         制修订 提请 审议 修订 审查 备案 监测 跟踪 压减 腾退 追缴 挽回 补发
         兑现 减免 释放 达到 具备 保障 确定 评定 配备 拥有 覆盖 纳入 涉及 包括 形成
         迎来 突破 增加 吸纳 拨款 开通 整理 入库 储备 谋划 带动 招引 落地 布局 执结
         审结 审理 列入 划定 栽植 完成投资 净增 新引育 奖励 优化 改善 促成 筛选 开设 保证 升级改造",
    )
});

/// Verbs and function words behind which the name begins, wherever they stand: 省公安厅走访重点企业.
pub(super) static CUTS: Words = LazyLock::new(|| {
    AnyOf::split(
        "应当 必须 可以 或者 并且 按照 共新增 共执结 累计 先后 全部 走访 查处 受理
         办结 制定 出台 开展 完成 建成 新增 实现 帮助企业解决 共清理 共化解 下达 召开
         召开了 移交 具备 做到 达成 实行 获批 获评 入选 签约 发放 成功 组织开展
         共审结 抓好 梳理出 获得 荣获 夺得 摘得 喜摘 斩获 增补 成为 不得 审议 新建 实施 帮助 拨付 归集并公示的 带动 吸引 惠及 不低于 高于 是指 责令其",
    )
});

/// Words between the name and the number that belong to neither.
pub(super) static TRAILS: Words = LazyLock::new(|| {
    AnyOf::split(
        "新增 净增 仍 保持 已 共 完成 实现 均 的 再 了 又 各 还 分别 累计 全部 达 约 为 已经
         应当 应 必须 可 也 不得 原则上 一般 一律 需 要 将 力争 和 或者 其 由 从
         在 惠及 涉及 只 仅 止跌 连续 连跨 逆势 仍 按照 依照 五年 三年 首次 并且 且 未 是指 稳定 给予 双双",
    )
});
