// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Domain} from "./Domain.sol";
import {IPause} from "./IPause.sol";
import {IStaking, Pledge, PoolView, Stake, StakeState, StakingTerms} from "./IStaking.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";

/// @title Staking
/// @notice A token is staked with a company, which trains on its data and pays those who stand, by weight and time.
/// @dev Invariants:
/// - each staked token is held here, belongs to one stake, and leaves only to that stake's staker;
/// - what was claimed, is owed and has not flowed adds up to no more than what was deposited, and that is here;
/// - the weight of a pool is the sum of the weights that stand in it, and never above its cap;
/// - nothing flows while no weight stands;
/// - a staker can always ask the token back and, after a time known at the start, take it: neither asks the company, the
///   currency or the pause, and nothing here can take a staked token away or use it;
/// - there is no owner and no upgrade.
/// A stake stores one slot. Who staked what at which weight is in its name, which is a hash of all that: the caller brings
/// it along. Nothing of one pool is reached by another but the balance of a currency that both use.
contract Staking is IStaking, Domain, ReentrancyGuard {
    /// @dev What moves in a pool: two slots.
    struct Flow {
        uint192 perWeight; // what flowed to each unit of weight since the start, times 2^64
        uint40 updatedAt; // unix seconds up to which the flow is reckoned
        uint24 streamSeconds;
        uint128 left; // deposited, not flowed yet
        uint40 endsAt; // unix seconds at which it will have flowed; after updatedAt if anything is left
        uint64 weight; // all that stands
        bool inCoin; // the currency is the chain's own: spares reading which
        bool pledged; // there is a pledge: spares reading it
    }

    /// @dev What a pool is for good: three slots.
    struct Pool {
        address company;
        uint64 weightCap;
        uint32 unbondingSeconds;
        address currency;
        address tokens;
    }

    /// @dev One slot.
    struct Position {
        uint192 mark; // Standing: perWeight up to which it was paid; later: what it is owed
        uint40 freeAt; // unix seconds; zero while it stands
        StakeState state;
    }

    /// @notice Shortest unbonding time, in seconds.
    uint256 public constant MIN_UNBONDING = 1 hours;
    /// @notice Longest unbonding time, in seconds.
    uint256 public constant MAX_UNBONDING = 90 days;
    /// @notice Shortest time that a deposit flows, in seconds.
    uint256 public constant MIN_STREAM = 1 days;
    /// @notice Longest time that a deposit flows, in seconds. Fits the 24 bits that it is stored in.
    uint256 public constant MAX_STREAM = 180 days;
    /// @notice Longest time from a pledge to its date, in seconds.
    uint256 public constant MAX_PLEDGE = 366 days;

    bytes32 private constant STAKE_TYPEHASH = keccak256(
        "Stake(bytes32 pool,address staker,uint256 tokenId,uint64 weight,uint64 endsAt,bytes32 salt)"
    );
    bytes32 private constant UNBOND_TYPEHASH = keccak256("Unbond(bytes32 stakeHash)");
    /// @dev perWeight counts in 1/2^64 of a unit. A weight has at most 64 bits, so no more than a unit is lost by rounding.
    uint256 private constant FRACTION_BITS = 64;
    /// @dev Room that deposits leave for the bond of a pledge, which is less: a bond can always flow.
    uint256 private constant ROOM_FOR_BOND = 1 << 96;

    IPause private immutable PAUSE;

    mapping(bytes32 pool => Flow) private _flows;
    mapping(bytes32 pool => Pool) private _pools;
    mapping(bytes32 pool => Pledge) private _pledges;
    mapping(bytes32 stakeHash => Position) private _positions;

    /// @notice There is nothing else to set, now or later.
    /// @param pause Whom {open}, {stake} and {pledge} ask, or zero. Deposits do not: a pause must not break a pledge.
    constructor(address pause) {
        PAUSE = IPause(pause);
    }

    /// @inheritdoc IStaking
    function open(StakingTerms calldata terms) external returns (bytes32 pool) {
        _requireRunning();
        if (
            terms.unbondingSeconds < MIN_UNBONDING || terms.unbondingSeconds > MAX_UNBONDING
                || terms.streamSeconds < MIN_STREAM || terms.streamSeconds > MAX_STREAM || terms.weightCap == 0
                || terms.tokens.code.length == 0
        ) revert BadTerms();
        pool = keccak256(abi.encode(msg.sender, terms));
        if (_pools[pool].company != address(0)) revert AlreadyOpen(pool);
        _pools[pool] =
            Pool(msg.sender, terms.weightCap, terms.unbondingSeconds, terms.currency, terms.tokens);
        Flow storage flow = _flows[pool];
        flow.updatedAt = uint40(block.timestamp);
        flow.streamSeconds = uint24(terms.streamSeconds); // at most MAX_STREAM
        flow.inCoin = terms.currency == address(0);
        emit Opened(pool, msg.sender, terms);
    }

    /// @inheritdoc IStaking
    function stake(Stake calldata agreed, bytes calldata companySignature, bytes calldata stakerSignature) external {
        _requireRunning();
        bytes32 stakeHash = hashStake(agreed);
        Position storage position = _in(StakeState.None, stakeHash);
        Pool storage pool = _pools[agreed.pool];
        if (pool.company == address(0)) revert NoSuchPool(agreed.pool);
        if (block.timestamp > agreed.endsAt) revert Ended(agreed.endsAt);
        if (agreed.weight == 0) revert Nothing();
        _checkAgreed(pool.company, stakeHash, companySignature);
        _checkAgreed(agreed.staker, stakeHash, stakerSignature);

        Flow memory flow = _flowNow(agreed.pool);
        uint256 weight = uint256(flow.weight) + agreed.weight;
        if (weight > pool.weightCap) revert CapReached(pool.weightCap);
        flow.weight = uint64(weight);
        _flows[agreed.pool] = flow;
        position.mark = flow.perWeight;
        position.state = StakeState.Standing;
        emit Staked(agreed.pool, stakeHash, agreed);

        IERC721 tokens = IERC721(pool.tokens);
        tokens.transferFrom(agreed.staker, address(this), agreed.tokenId);
        if (tokens.ownerOf(agreed.tokenId) != address(this)) revert NotTaken(agreed.tokenId);
    }

    /// @inheritdoc IStaking
    function unbond(Stake calldata agreed, bytes calldata stakerSignature) external {
        bytes32 stakeHash = hashStake(agreed);
        Position storage position = _in(StakeState.Standing, stakeHash);
        _checkAgreed(agreed.staker, _digest(keccak256(abi.encode(UNBOND_TYPEHASH, stakeHash))), stakerSignature);

        Flow memory flow = _flowNow(agreed.pool);
        flow.weight -= agreed.weight;
        _flows[agreed.pool] = flow;
        uint256 freeAt = block.timestamp + _pools[agreed.pool].unbondingSeconds;
        // What was earned is less than what was deposited, which fits.
        position.mark = uint192(_earned(agreed.weight, flow.perWeight, position.mark));
        position.freeAt = uint40(freeAt);
        position.state = StakeState.Unbonding;
        emit Unbonding(agreed.pool, stakeHash, uint64(freeAt));
    }

    /// @inheritdoc IStaking
    function unstake(Stake calldata agreed) external {
        bytes32 stakeHash = hashStake(agreed);
        Position storage position = _in(StakeState.Unbonding, stakeHash);
        if (block.timestamp < position.freeAt) revert TooEarly(position.freeAt);
        position.state = StakeState.Taken;
        emit Unstaked(agreed.pool, stakeHash);
        // Not safeTransferFrom: the staker owned it before, and a receiver's refusal would keep the token here.
        IERC721(_pools[agreed.pool].tokens).transferFrom(address(this), agreed.staker, agreed.tokenId);
    }

    /// @inheritdoc IStaking
    function deposit(bytes32 pool, uint128 amount) external payable nonReentrant {
        Flow memory flow = _flowNow(pool);
        if (flow.streamSeconds == 0) revert NoSuchPool(pool);
        if (amount == 0) revert Nothing();
        _checkRoom(flow, amount);
        if (flow.pledged && block.timestamp <= _pledges[pool].dueAt) _pledges[pool].paid += amount;
        _pour(flow, amount);
        _flows[pool] = flow;
        emit Deposited(pool, msg.sender, amount, flow.endsAt);
        Money.take(flow.inCoin ? address(0) : _pools[pool].currency, amount);
    }

    /// @inheritdoc IStaking
    function claim(Stake calldata agreed) external {
        _claim(agreed, agreed.staker);
    }

    /// @inheritdoc IStaking
    function claimTo(Stake calldata agreed, address to) external {
        if (msg.sender != agreed.staker) revert NotStaker(msg.sender);
        _claim(agreed, to);
    }

    /// @inheritdoc IStaking
    function reclaim(bytes32 pool, address to) external {
        address currency = _ofCompany(pool).currency;
        Flow storage flow = _flows[pool];
        if (flow.weight != 0) revert StillStanding(flow.weight);
        uint128 amount = flow.left;
        if (amount == 0) revert Nothing();
        flow.left = 0;
        if (flow.pledged) {
            Pledge storage promised = _pledges[pool];
            // What is taken back was not paid. What came before the pledge never counted for it.
            promised.paid = promised.paid > amount ? promised.paid - amount : 0;
        }
        emit Reclaimed(pool, to, amount);
        Money.pay(currency, to, amount);
    }

    /// @inheritdoc IStaking
    function pledge(bytes32 pool, uint96 bond, uint128 minimum, uint40 dueAt) external payable nonReentrant {
        _requireRunning();
        address currency = _ofCompany(pool).currency;
        if (bond == 0 || minimum == 0) revert Nothing();
        if (dueAt <= block.timestamp || dueAt > block.timestamp + MAX_PLEDGE) revert BadTerms();
        Flow storage flow = _flows[pool];
        if (flow.pledged) revert PledgeOpen(pool);
        _checkRoom(flow, 0);
        flow.pledged = true;
        _pledges[pool] = Pledge(bond, dueAt, minimum, 0);
        emit Pledged(pool, bond, minimum, dueAt);
        Money.take(currency, bond);
    }

    /// @inheritdoc IStaking
    function takeBond(bytes32 pool, address to) external {
        address currency = _ofCompany(pool).currency;
        Pledge memory promised = _endPledge(pool);
        if (promised.paid < promised.minimum) revert PledgeUnkept(promised.paid, promised.minimum);
        _flows[pool].pledged = false;
        emit PledgeKept(pool, to, promised.bond);
        Money.pay(currency, to, promised.bond);
    }

    /// @inheritdoc IStaking
    function forfeit(bytes32 pool) external {
        Pledge memory promised = _endPledge(pool);
        if (promised.paid >= promised.minimum) revert PledgeWasKept(pool);
        if (block.timestamp <= promised.dueAt) revert TooEarly(uint64(promised.dueAt) + 1);
        Flow memory flow = _flowNow(pool);
        flow.pledged = false;
        _pour(flow, promised.bond);
        _flows[pool] = flow;
        emit PledgeBroken(pool, promised.bond, flow.endsAt);
    }

    /// @inheritdoc IStaking
    function poolOf(bytes32 pool) external view returns (PoolView memory) {
        Pool storage p = _pools[pool];
        Flow memory flow = _flowNow(pool);
        return PoolView(
            p.company,
            p.currency,
            p.tokens,
            p.unbondingSeconds,
            flow.streamSeconds,
            p.weightCap,
            flow.weight,
            flow.left,
            flow.endsAt
        );
    }

    /// @inheritdoc IStaking
    function pledgeOf(bytes32 pool) external view returns (Pledge memory) {
        return _pledges[pool];
    }

    /// @inheritdoc IStaking
    function stakeOf(Stake calldata agreed) external view returns (StakeState state, uint64 freeAt, uint256 owed) {
        Position memory position = _positions[hashStake(agreed)];
        state = position.state;
        freeAt = position.freeAt;
        owed = state == StakeState.Standing
            ? _earned(agreed.weight, _flowNow(agreed.pool).perWeight, position.mark)
            : position.mark;
    }

    /// @inheritdoc IStaking
    function hashStake(Stake calldata agreed) public view returns (bytes32) {
        // Every field is static, so the struct is its own EIP-712 encoding.
        return _digest(keccak256(abi.encode(STAKE_TYPEHASH, agreed)));
    }

    function _claim(Stake calldata agreed, address to) private {
        bytes32 stakeHash = hashStake(agreed);
        Position memory position = _positions[stakeHash];
        uint256 amount = position.mark;
        uint256 mark = 0;
        if (position.state == StakeState.Standing) {
            // Read, not written: what is reckoned later, from the same start, is never less.
            amount = _earned(agreed.weight, _flowNow(agreed.pool).perWeight, position.mark);
            // Only what is paid is ticked off, rounded up: who claims often, or is claimed for, loses no parts of a unit.
            mark = position.mark + ((amount << FRACTION_BITS) + agreed.weight - 1) / agreed.weight;
        }
        if (amount == 0) revert NothingOwed(stakeHash);
        position.mark = uint192(mark); // not above perWeight
        _positions[stakeHash] = position;
        emit Claimed(stakeHash, to, amount);
        Money.pay(_pools[agreed.pool].currency, to, amount);
    }

    /// @dev Takes a pledge off; the caller says what becomes of its bond.
    function _endPledge(bytes32 pool) private returns (Pledge memory promised) {
        promised = _pledges[pool];
        if (promised.bond == 0) revert NoPledge(pool);
        delete _pledges[pool];
    }

    /// @dev The stake's position, or a revert if it is not in this state.
    function _in(StakeState state, bytes32 stakeHash) private view returns (Position storage position) {
        position = _positions[stakeHash];
        if (position.state != state) revert WrongState(stakeHash, position.state);
    }

    /// @dev The pool, or a revert if the caller is not its company.
    function _ofCompany(bytes32 pool) private view returns (Pool storage p) {
        p = _pools[pool];
        if (p.company == address(0)) revert NoSuchPool(pool);
        if (p.company != msg.sender) revert NotCompany(msg.sender);
    }

    /// @dev A pool's flow, reckoned up to now. Never reverts: {_checkRoom} keeps perWeight in bounds.
    function _flowNow(bytes32 pool) private view returns (Flow memory flow) {
        flow = _flows[pool];
        uint256 updatedAt = flow.updatedAt;
        flow.updatedAt = uint40(block.timestamp);
        if (flow.left == 0) return flow;
        uint256 passed = block.timestamp - updatedAt;
        if (flow.weight == 0) {
            flow.endsAt += uint40(passed); // nobody stands: what is left waits
            return flow;
        }
        uint256 rest = flow.endsAt - updatedAt;
        uint256 flowed = passed < rest ? uint256(flow.left) * passed / rest : flow.left;
        flow.left -= uint128(flowed);
        flow.perWeight += uint192((flowed << FRACTION_BITS) / flow.weight);
    }

    function _requireRunning() private view {
        if (address(PAUSE) != address(0)) PAUSE.check();
    }

    function _checkAgreed(address who, bytes32 digest, bytes calldata signature) private view {
        if (msg.sender != who && !Signatures.signed(who, digest, signature)) revert BadSignature(who);
    }

    /// @dev Adds to a flow that was reckoned up to now. All that is left ends at the mean of the two ends, weighted by the
    /// amounts and rounded to the nearest second: a small deposit can neither put off nor hasten a large one.
    function _pour(Flow memory flow, uint256 amount) private view {
        uint256 left = flow.left;
        uint256 all = left + amount;
        uint256 due = left == 0 ? 0 : left * (flow.endsAt - block.timestamp);
        uint256 mean = (due + amount * flow.streamSeconds + all / 2) / all;
        flow.left = uint128(all); // checked by _checkRoom
        flow.endsAt = uint40(block.timestamp + mean);
    }

    /// @dev Reverts unless all that is left could flow to a weight of 1, and a bond on top.
    function _checkRoom(Flow memory flow, uint256 amount) private pure {
        uint256 all = uint256(flow.left) + amount + ROOM_FOR_BOND;
        if (flow.perWeight + (all << FRACTION_BITS) > type(uint192).max) revert TooMuch();
    }

    /// @dev What a weight earned from a mark on. The product fits: 64 and 192 bits.
    function _earned(uint256 weight, uint256 perWeight, uint256 mark) private pure returns (uint256) {
        return weight * (perWeight - mark) >> FRACTION_BITS;
    }
}
